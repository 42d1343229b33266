namespace Trainer.Core.Platform;

/// <summary>The folder in the user's profile where files are kept between runs. It can be deleted; the next run is only slower.</summary>
public static class UserCache
{
    /// <summary>The environment variable that sets another folder.</summary>
    public const string Variable = "TRAINER_CACHE";

    /// <summary>The path of a subfolder, which may not exist yet.</summary>
    public static string FolderOf(string name) => Path.Combine(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "trainer"),
        name);
}
