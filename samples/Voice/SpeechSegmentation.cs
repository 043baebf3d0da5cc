namespace EdgeAI.Samples.Voice;

/// <summary>Cuts probabilities over time into stretches of speech.</summary>
internal static class SpeechSegmentation
{
    /// <summary>The stretches, in order; they do not overlap.</summary>
    /// <param name="probabilities">The probability of speech in each chunk.</param>
    /// <param name="chunk">How long a chunk lasts.</param>
    /// <param name="total">How long the sound lasts; no segment ends later.</param>
    /// <param name="options">The rule.</param>
    public static IReadOnlyList<SpeechSegment> Find(IReadOnlyList<float> probabilities, TimeSpan chunk, TimeSpan total, SegmentationOptions options) =>
        Pad([.. FindRuns(probabilities, chunk, options).Select(run => ToSegment(run, probabilities, chunk, total)).Where(segment => segment.Duration >= options.MinimumSpeech)], total, options.Padding);

    /// <summary>Ranges of chunks that are speech, however short.</summary>
    private static IEnumerable<Range> FindRuns(IReadOnlyList<float> probabilities, TimeSpan chunk, SegmentationOptions options)
    {
        int? start = null;
        int? quietSince = null;
        for (var i = 0; i < probabilities.Count; i++)
        {
            if (probabilities[i] >= options.Threshold)
            {
                start ??= i;
                quietSince = null;
            }
            else if (start is { } begun && (quietSince is not null || probabilities[i] < options.Hysteresis))
            {
                // A probability between the two limits neither starts a silence nor ends it.
                var quiet = quietSince ??= i;
                if (chunk * (i + 1 - quiet) < options.MinimumSilence) continue;
                yield return begun..quiet;
                (start, quietSince) = (null, null);
            }
        }

        if (start is { } last) yield return last..(quietSince ?? probabilities.Count);
    }

    private static SpeechSegment ToSegment(Range run, IReadOnlyList<float> probabilities, TimeSpan chunk, TimeSpan total)
    {
        var (first, length) = run.GetOffsetAndLength(probabilities.Count);
        var end = chunk * (first + length);
        return new SpeechSegment(chunk * first, end < total ? end : total, probabilities.Skip(first).Take(length).Average());
    }

    private static List<SpeechSegment> Pad(IReadOnlyList<SpeechSegment> segments, TimeSpan total, TimeSpan padding)
    {
        var padded = new List<SpeechSegment>(segments.Count);
        for (var i = 0; i < segments.Count; i++)
        {
            var before = i == 0 ? segments[i].Start : (segments[i].Start - segments[i - 1].End) / 2;
            var after = i == segments.Count - 1 ? total - segments[i].End : (segments[i + 1].Start - segments[i].End) / 2;
            padded.Add(segments[i] with
            {
                Start = segments[i].Start - (before < padding ? before : padding),
                End = segments[i].End + (after < padding ? after : padding),
            });
        }

        return padded;
    }
}
