using System.CommandLine;
using EdgeAI.Cli.Bench;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using EdgeAI.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Cli.Commands;

/// <summary><c>edgeai explain</c>: where the engine would run a model, how long that is expected to take, and why. Runs nothing.</summary>
internal static class ExplainCommand
{
    public static Command Create(ToolHost host)
    {
        var model = ModelArgument.Create();
        var shapes = ShapeOption.Create("An input's lengths; dynamic axes are 1 otherwise");
        var policy = new Option<string>("--policy") { HelpName = "NAME", Description = "The routing policy that decides among devices", DefaultValueFactory = _ => RoutingPolicyNames.EarliestFinish };
        policy.AcceptOnlyFromAmong(RoutingPolicyNames.EarliestFinish, RoutingPolicyNames.LeastLoaded, RoutingPolicyNames.Efficiency, RoutingPolicyNames.RoundRobin);
        var command = new Command("explain", "Tell where a model would run, how long that takes and why, without running it") { model, shapes, policy };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(arguments.GetRequiredValue(model)));
            var options = new ModelOptions { RoutingPolicy = arguments.GetRequiredValue(policy) };
            var report = await ExplainAsync(host, arguments, descriptor, options, arguments.GetRequiredValue(shapes), cancellationToken).ConfigureAwait(false);
            host.Write(arguments, report, ReportJson.Instance.ExplainReport, ExplainView.Render);
        });
        return command;
    }

    private static async Task<ExplainReport> ExplainAsync(ToolHost host, ParseResult arguments, OnnxModelDescriptor model, ModelOptions options, ShapeArgument[] shapes, CancellationToken cancellationToken)
    {
        var chosen = InputShapes.Choose(model.Signature, shapes);
        var lengths = model.Signature.Inputs.Zip(chosen).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
        CostReport cost;
        try
        {
            cost = CostReport.From(ModelCost.Estimate(model.Model, lengths));
        }
        catch (ArgumentException error)
        {
            throw new ToolException(error.Message, error);
        }

        await using var services = EngineServices.Create(host, arguments);
        var explanation = await services.GetRequiredService<IRoutingExplainer>().ExplainAsync(model, options, lengths, cancellationToken).ConfigureAwait(false);
        return new ExplainReport([.. explanation.Candidates.Select(CandidateReport.From)], explanation.Chosen, explanation.Policy, cost);
    }
}
