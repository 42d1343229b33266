using Trainer.Core.Training;

namespace Trainer.Terminal;

/// <summary>Shows the progress of a run.</summary>
internal interface ITrainingDisplay : IDisposable
{
    /// <summary>Shows an event.</summary>
    void Show(TrainingEvent happened);

    /// <summary>A display for JSON lines, for a terminal with a progress bar, or for plain lines.</summary>
    static ITrainingDisplay Choose(bool json) => json ? new JsonDisplay() : new TextDisplay(Screen.IsLive ? new LiveLine() : null);
}
