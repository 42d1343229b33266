using System.Text.Json;
using Trainer.Core.Platform;
using Trainer.Core.Training;

namespace Trainer.Terminal;

/// <summary>One JSON object a line on standard output: {"event":"options"|"data"|"step"|"epoch"|"validation"|…}.</summary>
internal sealed class JsonDisplay : ITrainingDisplay
{
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
