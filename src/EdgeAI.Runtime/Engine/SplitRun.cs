using EdgeAI.Batching;
using EdgeAI.Requests;

namespace EdgeAI.Engine;

/// <summary>
/// Answers a request that brings more rows than a run should have: its rows go in parts, which may run side by side and share runs with others, and the
/// answers are put together. All parts or none: one that fails withdraws the others.
/// </summary>
internal sealed class SplitRun(InferenceWorkPool works, BatchTensors tensors, Func<InferenceWork, CancellationToken, Task<InferenceResponse>?> submit)
{
    // So many parts are enough to keep lanes busy; more would fill the queue.
    private const int MostParts = 32;

    /// <summary>Runs the parts. Takes over the work, which must not have begun.</summary>
    public Task<InferenceResponse> Run(InferenceWork whole, int mostRows, CancellationToken cancellationToken)
    {
        var rows = Math.Max(mostRows, (whole.Rows + MostParts - 1) / MostParts);
        var layout = whole.Shape.Layout!;
        var parts = new List<InferenceWork>();
        try
        {
            for (var first = 0; first < whole.Rows; first += rows) parts.Add(CreatePart(whole, layout, first, Math.Min(rows, whole.Rows - first)));
        }
        catch
        {
            foreach (var part in parts) part.Recycle();
            whole.Recycle();
            throw;
        }

        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<InferenceResponse>[] runs = [.. parts.Select(part => submit(part, cancellation.Token) ?? Task.FromException<InferenceResponse>(Rejection.Create(works.ModelId, RejectionReason.ShuttingDown)))];
        var (outputs, destinations) = (whole.Outputs, Take(whole.Destinations));
        whole.Recycle();
        return JoinAsync(runs, outputs, destinations, layout, cancellation, cancellationToken);
    }

    private InferenceWork CreatePart(InferenceWork whole, BatchLayout layout, int first, int rows)
    {
        var part = works.Rent();
        try
        {
            for (var i = 0; i < part.Inputs.Length; i++)
            {
                var input = whole.Inputs[i]!;
                part.Inputs[i] = layout.InputAxes[i] == BatchLayout.Shared ? input.Share() : tensors.Cut(input, first, rows, layout.InputAxes[i]);
            }
        }
        catch
        {
            part.Recycle();
            throw;
        }

        part.Outputs = whole.Outputs;
        part.Level = whole.Level;
        part.DeviceId = whole.DeviceId;
        part.OrderKey = whole.OrderKey;
        part.Deadline = whole.Deadline;
        part.Shape = whole.Shape;
        part.Rows = rows;
        part.UnfilledLength = whole.UnfilledLength;
        part.IsStackable = true;
        return part;
    }

    private async Task<InferenceResponse> JoinAsync(
        Task<InferenceResponse>[] parts,
        OutputSelection outputs,
        TensorValue?[] destinations,
        BatchLayout layout,
        CancellationTokenSource cancellation,
        CancellationToken cancellationToken)
    {
        using (cancellation)
        {
            try
            {
                await foreach (var ended in Task.WhenEach(parts).ConfigureAwait(false))
                {
                    if (!ended.IsCompletedSuccessfully) await cancellation.CancelAsync().ConfigureAwait(false);
                }

                cancellationToken.ThrowIfCancellationRequested();

                // The first real failure counts, not the withdrawals that it caused.
                if (Array.Find(parts, part => part.IsFaulted) is { } failed) await failed.ConfigureAwait(false);
                return Join([.. parts.Select(part => part.GetAwaiter().GetResult())], outputs, destinations, layout);
            }
            finally
            {
                foreach (var destination in destinations) destination?.Release();
                foreach (var part in parts)
                {
                    if (part.IsCompletedSuccessfully) (await part.ConfigureAwait(false)).Dispose();
                }
            }
        }
    }

    private InferenceResponse Join(InferenceResponse[] parts, OutputSelection outputs, TensorValue?[] destinations, BatchLayout layout)
    {
        var joined = new TensorValue[outputs.Names.Count];
        try
        {
            for (var i = 0; i < joined.Length; i++)
            {
                var index = outputs.Indexes[i];
                var name = outputs.Names[i];
                joined[i] = layout.OutputAxes[index] == BatchLayout.Shared ? parts[0][name].Share() : tensors.Stack([.. parts.Select(part => part[name])], layout.OutputAxes[index]);
                if (destinations[index] is not { } destination) continue;
                using var copied = joined[i];
                joined[i] = Destinations.Write(destination, copied, firstRow: 0, rows: 0, BatchLayout.Shared);
            }
        }
        catch
        {
            foreach (var output in joined) output?.Dispose();
            throw;
        }

        var queued = parts.Min(part => part.Timings.Queued);
        var executed = parts.Max(part => part.Timings.Queued + part.Timings.Executed) - queued;
        var record = parts[^1].Routing;
        return new InferenceResponse(
            outputs.Names,
            joined,
            new InferenceTimings(record.DeviceId, parts.Max(part => part.Timings.BatchSize), queued, executed),
            new RoutingRecord(record.DeviceId, $"{record.Reason}; in {parts.Length} parts", record.Candidates, record.Predicted, record.Actual));
    }

    private static TensorValue?[] Take(TensorValue?[] destinations)
    {
        foreach (var destination in destinations) destination?.Retain();
        return [.. destinations];
    }
}
