using EdgeAI.Cli.Rendering;

namespace EdgeAI.Cli.Tests.Rendering;

[TestClass]
public sealed class LiveTextTests
{
    [TestMethod]
    public void Write_ControlCharacters_AreNotObeyed()
    {
        using var output = new StringWriter();
        var live = new LiveText(output);
        live.Write("a\tb\n");
        live.Write("\u001b[2Jc\r");
        live.Complete();

        Assert.AreEqual("a\tb\n [2Jc \n\n", output.ToString());
    }

    [TestMethod]
    public void Write_Tokens_AreSetApart()
    {
        using var output = new StringWriter();
        var live = new LiveText(output);
        live.Write(5);
        live.Write(6);
        live.Complete();

        Assert.AreEqual("5 6\n\n", output.ToString());
    }

    [TestMethod]
    public void Complete_NothingWritten_WritesNothing()
    {
        using var output = new StringWriter();
        new LiveText(output).Complete();

        Assert.AreEqual("", output.ToString());
    }
}
