using System.Text.Json;
using Trainer.Core;
using Trainer.Core.Runs;
using Trainer.Core.Training;

namespace Trainer.Terminal;

/// <summary>One JSON object a line on standard output: {"event":"options"|"data"|"step"|"epoch"|"validation"|…}.</summary>
internal sealed class JsonDisplay : ITrainingDisplay
{
    public void Start(TrainingOptions options) =>
        Console.WriteLine(JsonSerializer.Serialize(new { Event = "options", Options = options }, Json.Line));

    public void Show(TrainingEvent happened)
    {
        if (happened is not Working) // for eyes
        {
            Console.WriteLine(JsonSerializer.Serialize(happened, Json.Line));
        }
    }

    public void Dispose()
    {
    }
}
