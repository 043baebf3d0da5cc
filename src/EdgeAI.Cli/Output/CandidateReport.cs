using EdgeAI.Devices;

namespace EdgeAI.Cli.Output;

/// <summary>A device that was looked at for a model, how long a run is expected to take there and how long it would wait before; <see langword="null"/> where that cannot be told.</summary>
internal sealed record CandidateReport(string Device, double? PredictedMs, double? LowerMs, double? UpperMs, double? WaitMs, string Reason, IReadOnlyList<string> Notes)
{
    private const string Measure = "'edgeai devices --profile' measures the device";

    public static CandidateReport From(ExplainedCandidate candidate)
    {
        var prediction = candidate.Prediction;
        List<string> notes = [.. prediction.Notes];
        if (candidate.Support is { Level: DeviceSupportLevel.Partial, Reason: { } part }) notes.Insert(0, part);
        if (prediction.Expected is null && candidate.Support.Level != DeviceSupportLevel.None) notes.Insert(0, Measure);
        return new CandidateReport(
            candidate.DeviceId, prediction.Expected?.TotalMilliseconds, prediction.Lower?.TotalMilliseconds, prediction.Upper?.TotalMilliseconds, candidate.Option?.Wait.TotalMilliseconds, candidate.Reason, notes);
    }
}
