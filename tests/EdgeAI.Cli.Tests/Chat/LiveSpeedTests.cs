using EdgeAI.Cli.Chat;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Cli.Tests.Chat;

[TestClass]
public sealed class LiveSpeedTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public void Show_PiecesInTime_ShowsTheirRateAndPutsTheCursorBack()
    {
        using var terminal = new StringWriter();
        var speed = new LiveSpeed(terminal, 80, _time);

        Say(speed, 3, TimeSpan.FromMilliseconds(500));

        Assert.AreEqual("\e7\e[2m  2.0 tokens/s\e[22m\e8\e[K\e7\e[2m  2.0 tokens/s\e[22m\e8", terminal.ToString());
    }

    [TestMethod]
    public void Show_FastPieces_IsNotRedrawnForEach()
    {
        using var terminal = new StringWriter();
        var speed = new LiveSpeed(terminal, 80, _time);

        Say(speed, 40, TimeSpan.FromMilliseconds(10));

        Assert.IsLessThan(6, terminal.ToString().Split("tokens/s").Length);
    }

    [TestMethod]
    public void Show_LineIsNearlyFull_ShowsNothing()
    {
        using var terminal = new StringWriter();
        var speed = new LiveSpeed(terminal, 20, _time);

        Say(speed, 5, TimeSpan.FromSeconds(1), "x234567");

        // The lines are full after 7, 14, 1, 8 and 15 columns.
        Assert.HasCount(1, terminal.ToString().Split("tokens/s")[1..]);
    }

    private void Say(LiveSpeed speed, int pieces, TimeSpan pause, string piece = "ab")
    {
        for (var i = 0; i < pieces; i++)
        {
            speed.Clear();
            speed.Show(piece);
            _time.Advance(pause);
        }
    }
}
