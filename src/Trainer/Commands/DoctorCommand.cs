using System.CommandLine;
using System.Text.Json;
using Trainer.Commands.Options;
using Trainer.Commands.Steps;
using Trainer.Core;
using Trainer.Core.Platform;
using Trainer.Terminal.Results;

namespace Trainer.Commands;

/// <summary>trainer doctor: whether this machine computes right, and what a bug report should hold.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json("one JSON object");
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        var command = new Command("doctor", "Checks that this machine computes right, and prints what a bug report should hold: versions, processor, libraries, limits, folders. Nothing is sent or fetched.\n"
            + "Example: trainer doctor")
        {
            json, device, threads,
        };
        command.SetAction(result =>
        {
            var diagnosis = Diagnosis.Of(result.GetValue(device)!, CommonOptions.Resolve(result.GetValue(threads))); // has a default
            if (result.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(diagnosis, Json.Line));
            }
            else
            {
                DiagnosisText.Print(diagnosis);
            }

            if (diagnosis.Libtorch.Error is { } error)
            {
                throw new TrainerException(error);
            }
        });
        return command;
    }
}
