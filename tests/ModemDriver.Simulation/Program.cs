using ModemDriver.Simulation;

return CommandLine.Run(args, Console.Out);
