using System.Text.Json;
using Trainer.Core.Platform;
using Trainer.Core.Training;

namespace Trainer.Terminal;

/// <summary>Prints one JSON object per line on standard output: {"event":"options"|"data"|"step"|"epoch"|"validation"|…}.</summary>
internal sealed class JsonDisplay : ITrainingDisplay
{
    public void Show(TrainingEvent happened)
    {
        if (happened is not Working) // progress is only for people
        {
            Console.WriteLine(JsonSerializer.Serialize(happened, Json.Line));
        }
    }

    public void Dispose()
    {
    }
}
