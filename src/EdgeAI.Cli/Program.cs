using System.Text;
using EdgeAI.Cli;

// Windows consoles default to a code page that garbles names.
if (OperatingSystem.IsWindows()) Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await EdgeAITool.RunAsync(args, Console.Out, Console.Error, TimeProvider.System).ConfigureAwait(false);
