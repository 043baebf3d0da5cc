using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>
/// The peer with clients: what a developer writes by hand around plain <see cref="InferenceSession"/> when the best lanes, threads and batch size are known. Requests wait in one queue; a
/// lane that is free takes as many as there are, up to its batch size, copies them into buffers made ahead, runs, copies the answers out and completes the callers on the thread pool.
/// No deadlines, priorities, cancellation, errors of single requests, statistics or shapes but one: the least that serves the same clients.
/// </summary>
internal sealed class PlainBatcher : IServer, IDisposable
{
    private readonly ServedModel _model;
    private readonly Sample[] _samples;
    private readonly InferenceSession[] _sessions;
    private readonly PlainBatchBuffers[][] _buffers;
    private readonly Queue<Request> _queue = new();
    private readonly Thread[] _lanes;
    private bool _isStopping;

    private PlainBatcher(ServedModel model, Sample[] samples, PlainPlan plan)
    {
        (_model, _samples, Plan) = (model, samples, plan);
        _sessions = PlainSessions.Open(model, plan);
        _buffers = [.. Enumerable.Range(0, plan.Lanes).Select(_ => Enumerable.Range(1, plan.Batch).Select(rows => new PlainBatchBuffers(model, samples[0], _sessions[0].OutputNames, rows)).ToArray())];
        _lanes = [.. Enumerable.Range(0, plan.Lanes).Select(lane => new Thread(() => RunLane(lane)) { IsBackground = true })];
    }

    public PlainPlan Plan { get; }

    public static PlainBatcher Start(ServedModel model, Sample[] samples, PlainPlan plan)
    {
        var server = new PlainBatcher(model, samples, plan);
        foreach (var lane in server._lanes) lane.Start();
        return server;
    }

    public IClient CreateClient(int index) => new Client(this, _samples[index % _samples.Length]);

    public void Dispose()
    {
        lock (_queue)
        {
            _isStopping = true;
            Monitor.PulseAll(_queue);
        }

        foreach (var lane in _lanes) lane.Join();
        foreach (var buffers in _buffers.SelectMany(lane => lane)) buffers.Dispose();
        foreach (var session in _sessions) session.Dispose();
    }

    private Task<PlainAnswer> AskAsync(Sample sample)
    {
        var request = new Request(sample);
        lock (_queue)
        {
            _queue.Enqueue(request);
            Monitor.Pulse(_queue);
        }

        return request.Completion.Task;
    }

    private void RunLane(int lane)
    {
        var session = _sessions[lane % _sessions.Length];
        using var runOptions = new RunOptions();
        var batch = new List<Request>();
        while (Take(batch))
        {
            var buffers = _buffers[lane][batch.Count - 1];
            for (var row = 0; row < batch.Count; row++) buffers.Fill(row, batch[row].Sample.Inputs);
            session.Run(runOptions, buffers.InputNames, buffers.Inputs, buffers.OutputNames, buffers.Outputs);
            for (var row = 0; row < batch.Count; row++) batch[row].Completion.SetResult(new PlainAnswer(buffers.Cut(row), batch.Count));
            batch.Clear();
        }
    }

    private bool Take(List<Request> batch)
    {
        lock (_queue)
        {
            while (_queue.Count == 0)
            {
                if (_isStopping) return false;
                Monitor.Wait(_queue);
            }

            while (batch.Count < Plan.Batch && _queue.TryDequeue(out var request)) batch.Add(request);
            return true;
        }
    }

    private sealed record PlainAnswer(float[][] Outputs, int BatchSize);

    private sealed class Request(Sample sample)
    {
        public Sample Sample { get; } = sample;

        public TaskCompletionSource<PlainAnswer> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Client(PlainBatcher server, Sample sample) : IClient
    {
        public async Task<Answered> AskAsync(bool check)
        {
            var answer = await server.AskAsync(sample).ConfigureAwait(false);
            if (check)
            {
                for (var i = 0; i < answer.Outputs.Length; i++) sample.Check(server._sessions[0].OutputNames[i], answer.Outputs[i]);
            }

            return new Answered(answer.BatchSize);
        }

        public void Dispose()
        {
        }
    }
}
