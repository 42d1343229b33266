using System.Text.Json;

namespace Trainer.Core.Ranks;

/// <summary>Makes sure that all ranks are about to do the same: else they would add up what doesn't belong together, in silence.</summary>
internal static class Agreement
{
    /// <summary>Compares facts over all ranks.</summary>
    /// <param name="facts">What must be the same everywhere, by a name for people.</param>
    /// <exception cref="TrainerException">On every rank: what differs, where, and how.</exception>
    public static void Require(ICommunicator ranks, IReadOnlyDictionary<string, string> facts)
    {
        // an array is never null
        string[][] all = [
            .. ranks.GatherAny(JsonSerializer.SerializeToUtf8Bytes(facts.Values))
            .Select(bytes => JsonSerializer.Deserialize<string[]>(bytes)!)];
        foreach (var (name, i) in facts.Keys.Select((name, i) => (name, i)))
        {
            var other = Array.FindIndex(all, values => values[i] != all[0][i]);
            if (other > 0)
            {
                throw new TrainerException(
                    $"The ranks can't train together: {name} is {all[0][i]} on rank 0 and {all[other][i]} on rank {other}. "
                    + "Give every rank the same command, the same build of trainer, the same files, and processors of one kind.");
            }
        }
    }
}
