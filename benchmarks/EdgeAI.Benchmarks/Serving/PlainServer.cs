using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>
/// The bound: plain <see cref="InferenceSession"/> under one plan. Each lane is a thread that runs a batch that is formed already, again and again: nothing is
/// queued, stacked or handed over, and there are no clients.
/// </summary>
internal sealed class PlainServer : IDisposable
{
    private readonly InferenceSession[] _sessions;
    private readonly RunOptions _runOptions = new();
    private readonly string[] _names;
    private readonly OrtValue[] _inputs;

    private PlainServer(PlainPlan plan, InferenceSession[] sessions, ServedModel model, Sample[] samples)
    {
        Plan = plan;
        _sessions = sessions;
        var rows = Enumerable.Range(0, plan.Batch).Select(row => samples[row % samples.Length]).ToArray();
        var stacked = Enumerable.Range(0, samples[0].Inputs.Length).Select(input => ModelInput.Stack([.. rows.Select(row => row.Inputs[input])])).ToArray();
        _names = [.. stacked.Select(input => input.Name)];
        _inputs = [.. stacked.Select(input => input.ToOrtValue())];
        foreach (var session in sessions) Check(session, model, rows);
    }

    public PlainPlan Plan { get; }

    /// <summary>Opens the model under a plan.</summary>
    public static PlainServer Open(ServedModel model, Sample[] samples, PlainPlan plan) => new(plan, PlainSessions.Open(model, plan), model, samples);

    /// <summary>Opens the model as most hosts do: default options, one request at a time.</summary>
    public static PlainServer OpenDefault(ServedModel model, Sample[] samples)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        return new(new PlainPlan(1, Environment.ProcessorCount, 1), [new InferenceSession(model.Bytes, options)], model, samples);
    }

    /// <summary>Runs for a while and returns what was answered in the measured time; latencies are those of runs.</summary>
    public LoadFigures Run(TimeSpan lead, TimeSpan length)
    {
        var from = Stopwatch.GetTimestamp() + ClosedLoop.Ticks(lead);
        var until = from + ClosedLoop.Ticks(length);
        var seen = new LoadFigures[Plan.Lanes];
        var threads = Enumerable.Range(1, Plan.Lanes - 1).Select(lane => new Thread(() => seen[lane] = RunLane(lane, from, until))).ToArray();
        foreach (var thread in threads) thread.Start();
        seen[0] = RunLane(0, from, until);
        foreach (var thread in threads) thread.Join();
        var sum = new LoadFigures { Seconds = length.TotalSeconds };
        foreach (var lane in seen) sum.Add(lane);
        return sum;
    }

    public void Dispose()
    {
        foreach (var input in _inputs) input.Dispose();
        foreach (var session in _sessions) session.Dispose();
        _runOptions.Dispose();
    }

    private LoadFigures RunLane(int lane, long from, long until)
    {
        var figures = new LoadFigures();
        var session = _sessions[lane % _sessions.Length];
        var outputNames = session.OutputNames;
        var started = Stopwatch.GetTimestamp();
        while (started < until)
        {
            session.Run(_runOptions, _names, _inputs, outputNames).Dispose();
            var ended = Stopwatch.GetTimestamp();
            if (ended >= from && ended < until)
            {
                figures.Items += Plan.Batch;
                figures.Latencies.Add(Stopwatch.GetElapsedTime(started, ended).TotalMicroseconds);
            }

            started = ended;
        }

        return figures;
    }

    /// <summary>Compares the stacked answers row by row: a peer that answers wrongly would be no peer.</summary>
    private void Check(InferenceSession session, ServedModel model, Sample[] rows)
    {
        using var outputs = session.Run(_runOptions, _names, _inputs, session.OutputNames);
        foreach (var (name, value) in session.OutputNames.Zip(outputs))
        {
            var shape = value.GetTensorTypeAndShape().Shape;
            var stacked = value.GetTensorDataAsSpan<float>();
            var expected = rows[0].Answer[name].Length;
            if (stacked.Length != expected * rows.Length) throw new WrongAnswerException($"Output '{name}' of {Plan} has {stacked.Length} elements for {rows.Length} rows of {expected}.");
            var outer = (int)shape.Take(model.OutputAxis(name)).Aggregate(1L, (product, length) => product * length);
            var inner = expected / outer;
            var answer = new float[expected];
            for (var row = 0; row < rows.Length; row++)
            {
                for (var block = 0; block < outer; block++) stacked.Slice(((block * rows.Length) + row) * inner, inner).CopyTo(answer.AsSpan(block * inner));
                rows[row].Check(name, answer);
            }
        }
    }
}
