using ModemDriver.Cli;

using var signals = new SignalScope();
return (int)await ModemTool.RunAsync(args, ToolContext.ForProcess(), signals.Token).ConfigureAwait(false);
