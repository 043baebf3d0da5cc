namespace EdgeAI.Cli.Chat;

/// <summary>Ctrl+C while an answer is made ends the answer; at any other time the tool, as ever.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source;

    public Interruption(CancellationToken cancellationToken)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Console.CancelKeyPress += Cancel;
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Console.CancelKeyPress -= Cancel;
        _source.Dispose();
    }

    private void Cancel(object? sender, ConsoleCancelEventArgs pressed)
    {
        // A second time ends the tool, should the answer not end.
        pressed.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
