namespace EdgeAI.Benchmarks.Serving;

/// <summary>Who answers the requests of clients.</summary>
internal interface IServer
{
    /// <summary>A client that asks one thing again and again; two with the same index ask the same.</summary>
    IClient CreateClient(int index);
}

/// <summary>One client. Not thread-safe.</summary>
internal interface IClient : IDisposable
{
    /// <summary>Sends its request and takes the answer.</summary>
    /// <param name="check">Whether the answer is compared with the expected one.</param>
    /// <exception cref="WrongAnswerException">It was not that one.</exception>
    Task<Answered> AskAsync(bool check);
}

/// <summary>How a request ran.</summary>
/// <param name="BatchSize">Requests of its run.</param>
/// <param name="Routing">What was predicted and seen; <see langword="null"/> where the server does not tell.</param>
internal readonly record struct Answered(int BatchSize, RoutingRecord? Routing = null);
