using System.CommandLine;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Commands;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using Microsoft.Extensions.Options;

namespace EdgeAI.Cli;

/// <summary>
/// The tool as a function of its arguments. Every failure becomes one line on stderr and an exit code; with <c>--json</c> stdout then
/// holds the object <c>{"error":"..."}</c>, so that it always holds exactly one.
/// </summary>
internal static class EdgeAITool
{
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TimeProvider timeProvider, CancellationToken cancellationToken = default) =>
        RunAsync(args, input: null, output, error, timeProvider, cancellationToken);

    /// <param name="args">The arguments.</param>
    /// <param name="input">What the user says; <see langword="null"/> for the console's.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where everything else goes.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(string[] args, TextReader? input, TextWriter output, TextWriter error, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var host = new ToolHost(output, error, timeProvider, input);
        var arguments = CreateRoot(host).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        int RefuseUsage(string problems) => Fail(host, args, $"{problems} See: edgeai {NameOf(arguments)}--help", ExitCode.WrongUsage);
        if (arguments.Errors.Count > 0) return RefuseUsage(string.Join(" ", arguments.Errors.Select(problem => problem.Message)));

        try
        {
            var invocation = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };

            // In a chat, Ctrl+C ends the answer and not the tool.
            if (arguments.CommandResult.Command.Name == ChatCommand.Name) invocation.ProcessTerminationTimeout = null;
            return await arguments.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        }
        catch (UsageException exception)
        {
            return RefuseUsage(exception.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail(host, args, "Cancelled.", ExitCode.Cancelled);
        }
        catch (Exception exception)
        {
            var exitCode = Fail(host, args, Explain(exception), ExitCode.Failure);
            if (arguments.GetValue(host.Verbose)) await error.WriteLineAsync(exception.ToString()).ConfigureAwait(false);
            return exitCode;
        }
    }

    private static RootCommand CreateRoot(ToolHost host) => new("Runs ONNX models on the hardware of this machine.")
    {
        host.Json,
        host.Verbose,
        DevicesCommand.Create(host),
        DoctorCommand.Create(host),
        InspectCommand.Create(host),
        RunCommand.Create(host),
        BenchCommand.Create(host),
        ChatCommand.Create(host),
        ExplainCommand.Create(host),
        BuildCommand.Create(host),
        GenerateCommand.Create(host),
    };

    private static string NameOf(ParseResult arguments) => arguments.CommandResult.Command is RootCommand ? "" : $"{arguments.CommandResult.Command.Name} ";

    private static string Explain(Exception exception) => exception switch
    {
        OptionsValidationException options => string.Join(" ", options.Failures),
        ToolException or EdgeAIException or InvalidInputException or IOException or UnauthorizedAccessException => exception.Message,
        _ => $"{exception.GetType().Name}: {exception.Message}",
    };

    private static int Fail(ToolHost host, string[] args, string message, int exitCode)
    {
        var line = PlainText.Clean(message.ReplaceLineEndings(" "));
        host.Error.WriteLine($"edgeai: {line}");
        if (args.Contains(host.Json.Name)) JsonOutput.Write(host.Output, new ErrorReport(line), ReportJson.Instance.ErrorReport);
        return exitCode;
    }
}
