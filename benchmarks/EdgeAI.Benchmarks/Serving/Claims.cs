namespace EdgeAI.Benchmarks.Serving;

/// <summary>What is promised, beside what was measured. Missing a target is a result, not an error: it is printed, and the command goes on.</summary>
internal sealed class Claims
{
    private readonly List<(string Subject, string Claim, string Target, string Figure, bool IsMet)> _rows = [];

    public void Add(string subject, string claim, string target, string figure, bool isMet) => _rows.Add((subject, claim, target, figure, isMet));

    public bool AreMet => _rows.TrueForAll(row => row.IsMet);

    public void Print()
    {
        var width = _rows.Max(row => row.Claim.Length) + 2;
        Console.WriteLine();
        foreach (var (subject, claim, target, figure, isMet) in _rows)
        {
            Console.WriteLine($"{subject,-12}{claim.PadRight(width)}target {target,-22}{figure,-22}{(isMet ? "met" : "MISSED")}");
        }
    }
}
