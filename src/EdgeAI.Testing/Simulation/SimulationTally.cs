using EdgeAI.Scheduling;

namespace EdgeAI.Testing;

/// <summary>Counts what became of requests.</summary>
internal sealed class SimulationTally
{
    private readonly long[] _refused = new long[Enum.GetValues<RejectionReason>().Max(reason => (int)reason) + 1];

    public LogHistogram Latencies { get; } = new();

    public long Submitted { get; set; }

    public long Answered { get; private set; }

    public long Failed { get; private set; }

    public long Cancelled { get; private set; }

    public long EndedTwice { get; set; }

    public long Admitted { get; set; }

    public long AnsweredInTime { get; private set; }

    public long DeadlineMisses { get; private set; }

    /// <summary>Answers in the time in which requests are sent, after warming up.</summary>
    public long InWindow { get; private set; }

    /// <summary>Those of them that met their deadline.</summary>
    public long InTime { get; private set; }

    public long Rows { get; private set; }

    public void Add(SimulatedItem item, SimulatedOutcome outcome, in Refusal refusal, long now, long warmUp, bool isInWindow)
    {
        switch (outcome)
        {
            case SimulatedOutcome.Answered:
                Answered++;
                if (now <= item.Deadline) AnsweredInTime++;
                else DeadlineMisses++;
                if (item.ArrivedAt >= warmUp) Latencies.Add(now - item.ArrivedAt);
                if (!isInWindow) return;
                InWindow++;
                Rows += item.Rows;
                if (now <= item.Deadline) InTime++;
                break;
            case SimulatedOutcome.Refused:
                _refused[(int)refusal.Reason]++;
                if (item.IsAdmitted && refusal.Reason is (RejectionReason.DeadlineExceeded or RejectionReason.DeadlineInfeasible)) DeadlineMisses++;
                break;
            case SimulatedOutcome.Failed:
                Failed++;
                break;
            case SimulatedOutcome.Cancelled:
                Cancelled++;
                break;
        }
    }

    public void Add(SimulationTally other)
    {
        Latencies.Add(other.Latencies);
        Submitted += other.Submitted;
        Answered += other.Answered;
        Failed += other.Failed;
        Cancelled += other.Cancelled;
        EndedTwice += other.EndedTwice;
        Admitted += other.Admitted;
        AnsweredInTime += other.AnsweredInTime;
        DeadlineMisses += other.DeadlineMisses;
        InWindow += other.InWindow;
        InTime += other.InTime;
        Rows += other.Rows;
        for (var i = 0; i < _refused.Length; i++) _refused[i] += other._refused[i];
    }

    public SimulationCounts ToCounts(string name, double seconds) => new(Latencies)
    {
        Name = name,
        Submitted = Submitted,
        Answered = Answered,
        Failed = Failed,
        Cancelled = Cancelled,
        EndedTwice = EndedTwice,
        Admitted = Admitted,
        AnsweredInTime = AnsweredInTime,
        DeadlineMisses = DeadlineMisses,
        Refused = Enum.GetValues<RejectionReason>().Where(reason => _refused[(int)reason] > 0).ToDictionary(reason => reason, reason => _refused[(int)reason]),
        Throughput = seconds > 0 ? InWindow / seconds : 0,
        Goodput = seconds > 0 ? InTime / seconds : 0,
        RowThroughput = seconds > 0 ? Rows / seconds : 0,
    };
}
