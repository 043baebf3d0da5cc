using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>
/// One run of a template: its output, and how much it may still do. Templates come with untrusted models, so what they write, how long they run and how deep they
/// call is bounded, far above what any conversation needs.
/// </summary>
internal sealed class Rendering(TimeProvider timeProvider)
{
    private const double MaxSteps = 20_000_000;
    private const int MaxText = 16 << 20;
    private const int MaxDepth = 200;

    // Copying so many characters counts as a step.
    private const double CharactersPerStep = 16;

    private double _steps;
    private int _depth;

    public StringBuilder Output { get; private set; } = new();

    public TimeProvider TimeProvider => timeProvider;

    /// <summary>Counts work.</summary>
    /// <exception cref="ChatTemplateException">It was too much.</exception>
    public void Charge(double steps)
    {
        _steps += steps;
        if (_steps > MaxSteps) throw new ChatTemplateException($"The chat template takes more than {MaxSteps:N0} steps.");
    }

    /// <summary>Counts a text that is about to be made.</summary>
    /// <exception cref="ChatTemplateException">It would be too long.</exception>
    public void ChargeText(double length)
    {
        if (length > MaxText) throw new ChatTemplateException($"The chat template makes a text of more than {MaxText:N0} characters.");
        Charge(1 + (length / CharactersPerStep));
    }

    public string Join(string left, string right)
    {
        ChargeText((double)left.Length + right.Length);
        return left + right;
    }

    public void Write(string text)
    {
        ChargeText(text.Length);
        if ((long)Output.Length + text.Length > MaxText) throw new ChatTemplateException($"The chat template writes more than {MaxText:N0} characters.");
        Output.Append(text);
    }

    /// <summary>Runs something and takes what it writes.</summary>
    public string Capture(Action body)
    {
        var outer = Output;
        Output = new StringBuilder();
        try
        {
            body();
            return Output.ToString();
        }
        finally
        {
            Output = outer;
        }
    }

    /// <summary>Runs a call one level deeper.</summary>
    public T Descend<T>(Func<T> body)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (++_depth > MaxDepth) throw new ChatTemplateException($"The chat template calls deeper than {MaxDepth} levels.");
        var result = body();
        _depth--;
        return result;
    }
}
