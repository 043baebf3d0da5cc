namespace EdgeAI.Generation.Tests;

/// <summary>Allows exactly one answer; may fail at one of its tokens.</summary>
internal sealed class ListConstraint(int[] tokens, int failsAt = -1) : ITokenConstraint
{
    private int _accepted;

    public bool IsComplete => _accepted == tokens.Length;

    public void FillAllowed(Span<ulong> allowed)
    {
        if (_accepted == failsAt) throw new NotSupportedException("a constraint that fails");
        allowed.Clear();
        allowed[tokens[_accepted] / 64] = 1UL << (tokens[_accepted] % 64);
    }

    public bool TryAccept(int token)
    {
        if (IsComplete || token != tokens[_accepted]) return false;
        _accepted++;
        return true;
    }
}
