namespace Trainer.Core.Platform;

/// <summary>The folder of the user's in which files are kept between runs; deleting it costs time, nothing else.</summary>
public static class UserCache
{
    /// <summary>Environment variable that names another folder.</summary>
    public const string Variable = "TRAINER_CACHE";

    /// <summary>A folder in it, whether or not it is there yet.</summary>
    public static string FolderOf(string name) => Path.Combine(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "trainer"),
        name);
}
