using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Generation.Tests.Templates;

[TestClass]
public sealed class ChatTemplateTests
{
    [TestMethod]
    [DataRow("{% for x in range(100000) %}{% for y in range(100000) %}{% endfor %}{% endfor %}", "steps")]
    [DataRow("{% set ns = namespace(s='aaaaaaaa') %}{% for x in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}", "characters")]
    [DataRow("{{ 'a' * 10000000000 }}", "characters")]
    [DataRow("{{ [1] * 10000000000 }}", "steps")]
    [DataRow("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "deep")]
    [DataRow("{{ range(1000000000) }}", "range")]
    [DataRow("{% for i in range(1000) %}{% for j in range(1000) %}{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }}{% endfor %}{% endfor %}", "writes more")]
    [DataRow("{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}", "deep")]
    public void Render_TemplateWithoutMeasure_IsStopped(string template, string reason) => StringAssert.Contains(Fail(template), reason);

    [TestMethod]
    [DataRow("{{ 1 + 'a' }}", "'+'")]
    [DataRow("{{ nope.x }}", "'nope'")]
    [DataRow("{{ nope() }}", "calls")]
    [DataRow("{{ 1 // 0 }}", "zero")]
    [DataRow("{{ [1].append(2) }}", "append")]
    [DataRow("{{ raise_exception('roles must alternate') }}", "roles must alternate")]
    [DataRow("{{ nope | tojson }}", "nope")]
    [DataRow("{% for x in 5 %}{% endfor %}", "loops over")]
    [DataRow("{{ 9223372036854775807 + 1 }}", "64 bits")]
    public void Render_WhatPythonWouldRefuse_IsRefused(string template, string reason) => StringAssert.Contains(Fail(template), reason);

    [TestMethod]
    [DataRow("a\n{% if x %}", "line 2")]
    [DataRow("{{ x", "does not end")]
    [DataRow("{% include 'x' %}", "'include'")]
    [DataRow("{{ x | nofilter }}", "'nofilter'")]
    [DataRow("{{ x is notest }}", "'notest'")]
    [DataRow("{% break %}", "outside of a loop")]
    [DataRow("{% endif %}", "'endif'")]
    [DataRow("{{ (1 }}", "malformed")]
    [DataRow("{{ 'abc }}", "does not end")]
    [DataRow("{# x", "does not end")]
    public void Create_MalformedTemplate_SaysWhat(string template, string reason) => StringAssert.Contains(Fail(template), reason);

    [TestMethod]
    public void Create_NestedWithoutMeasure_IsRefused() => StringAssert.Contains(Fail("{{ " + new string('(', 200_000) + new string(')', 200_000) + " }}"), "nested");

    [TestMethod]
    public void StrftimeNow_Injected_IsTheGivenTime()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 7, 14, 5, 9, TimeSpan.Zero));

        Assert.AreEqual("07 Mar 2026 7 14:05:09 02 PM Saturday 066", new ChatTemplate("{{ strftime_now('%d %b %Y %-d %H:%M:%S %I %p %A %j') }}", null, [], time).Render([]));
    }

    [TestMethod]
    public void Render_Variables_AreSeen()
    {
        var template = new ChatTemplate("{{ bos_token }}{{ messages[0].content }}{{ add_generation_prompt }}{{ tools is none }}{{ enable_thinking }}", null, new JsonObject { ["bos_token"] = "<s>" }, TimeProvider.System);

        Assert.AreEqual("<s>hiFalseTrueFalse", template.Render([new JsonObject { ["content"] = "hi" }], null, addGenerationPrompt: false, new JsonObject { ["enable_thinking"] = false }));
    }

    [TestMethod]
    public void Render_FromManyThreads_GivesTheSame()
    {
        var template = new ChatTemplate("{% set ns = namespace(n=0) %}{% for x in range(200) %}{% set ns.n = ns.n + x %}{% endfor %}{{ ns.n }}", null, [], TimeProvider.System);

        Parallel.For(0, 100, _ => Assert.AreEqual("19900", template.Render([])));
    }

    private static string Fail(string template) => Assert.Throws<ChatTemplateException>(() => new ChatTemplate(template, null, [], TimeProvider.System).Render([])).Message;
}
