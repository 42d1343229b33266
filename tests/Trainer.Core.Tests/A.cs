namespace X; public class A { [Xunit.Fact] public void T() => Xunit.Assert.True(true); }
