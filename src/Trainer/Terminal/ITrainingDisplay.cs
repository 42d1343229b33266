using Trainer.Core.Runs;
using Trainer.Core.Training;

namespace Trainer.Terminal;

/// <summary>Shows a run while it goes on.</summary>
internal interface ITrainingDisplay : IDisposable
{
    /// <summary>Before anything is read.</summary>
    void Start(TrainingOptions options);

    /// <summary>Whatever happens next.</summary>
    void Show(TrainingEvent happened);

    /// <summary>Lines of JSON if asked for, else a bar for people, else plain lines.</summary>
    static ITrainingDisplay Choose(bool json) => json ? new JsonDisplay() : new TextDisplay(Screen.IsLive ? new LiveLine() : null);
}
