namespace EdgeAI.Cli.Bench;

/// <summary>What is measured: answers the same query again and again. Thread-safe.</summary>
internal interface IQueryTarget
{
    /// <summary>Whether <see cref="QueryAsync"/> blocks its caller until the answer is there.</summary>
    bool IsBlocking { get; }

    /// <summary>Answers one query. Failures are results, not exceptions.</summary>
    ValueTask<QueryResult> QueryAsync();
}
