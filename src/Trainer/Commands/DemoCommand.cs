using System.CommandLine;
using Trainer.Commands.Options;
using Trainer.Core;
using Trainer.Core.Runs;
using Trainer.Serving;
using Trainer.Terminal;

namespace Trainer.Commands;

/// <summary>trainer demo: runs the gate in a browser, on the camera of this machine or of a phone.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Folder("--run", "Folder of a run. Default: the newest in runs/.");
        var lan = new Option<bool>("--lan")
        {
            Description = "Serve phones in the same network by HTTPS, under a secret link that is shown as a QR code."
        };
        var name = WebCommand.Name();
        var command = new Command("demo", "Serves a page that runs the gate on a camera, on this machine until Ctrl-C. Pictures stay in "
            + "the browser.\n"
            + "Example: trainer demo --run runs/rice --lan")
        {
            run, lan, name,
        };
        command.SetAction(
            result => Serve(RunFolder.Open(result.GetValue(run) ?? Newest("runs")), result.GetValue(name), result.GetValue(lan)));
        return command;
    }

    private static void Serve(RunFolder run, string? name, bool lan)
    {
        var page = WebCommand.BuiltPage();
        var folder = Directory.CreateTempSubdirectory("trainer-demo-");
        Interruption.WhenLeft(() => Remove(folder));
        try
        {
            WebCommand.WriteUnproved(run, name, page, folder.FullName);
            Interruption.WaitForExit();
            var place = lan ? ServedPlace.Lan() : ServedPlace.Local();
            new PageServer(folder.FullName, place).Run(() => Tell(place), Interruption.Token);
        }
        finally
        {
            Remove(folder);
        }
    }

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // another call has deleted it, or it is being written to
        }
    }

    private static void Tell(ServedPlace place)
    {
        if (place.Certificate is not null)
        {
            foreach (var line in TerminalQr.Draw(place.Link))
            {
                Screen.Line($"[white on black]{line}[/]");
            }

            Screen.Line("Scan it with a phone in the same network. The certificate was just made here, so the browser shows a warning; "
                + "continue anyway.");
        }

        Screen.Line($"[bold]{Screen.Escape(place.Link)}[/]");
        Screen.Line("Ctrl-C ends it.");
    }

    private static string Newest(string runs) =>
        (Directory.Exists(runs) ? Directory.GetFiles(runs, "best.ckpt", SearchOption.AllDirectories) : [])
        .OrderByDescending(File.GetLastWriteTimeUtc)
        .Select(checkpoint => Path.GetDirectoryName(checkpoint)!) // not null, because the file is in a folder
        .FirstOrDefault()
            ?? throw new TrainerException("There is no run below 'runs'. Name one with --run, or make one: 'trainer quickstart'.");
}
