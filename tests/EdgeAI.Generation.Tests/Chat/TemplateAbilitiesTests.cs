using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Chat;

[TestClass]
public sealed class TemplateAbilitiesTests
{
    [TestMethod]
    [DataRow("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}", false, true, DisplayName = "knows no tools")]
    [DataRow("{% if tools %}{{ tools | tojson }}{% endif %}{% for m in messages %}{{ m.content }}{% endfor %}", true, true, DisplayName = "shows tools")]
    [DataRow("{% if tools %}{{ raise_exception('no tools') }}{% endif %}{% for m in messages %}{{ m.content }}{% endfor %}", false, true, DisplayName = "refuses tools")]
    [DataRow("{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{{ tools }}{{ messages[0].content }}", true, false, DisplayName = "refuses the system")]
    [DataRow("{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{% endfor %}", false, false, DisplayName = "leaves the system out")]
    public void Of_Template_IsFoundOutByRendering(string template, bool showsTools, bool takesSystem) =>
        Assert.AreEqual(new TemplateAbilities(showsTools, takesSystem), TemplateAbilities.Of(new ChatTemplate(template, null, new JsonObject(), TimeProvider.System)));

    [TestMethod]
    public void Of_SeparateTemplateForTools_ShowsThem() =>
        Assert.IsTrue(TemplateAbilities.Of(new ChatTemplate("{{ messages[0].content }}", "{{ tools | tojson }}", new JsonObject(), TimeProvider.System)).ShowsTools);
}
