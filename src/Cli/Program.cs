using Reeve.Cli;

// reeve, the table of contents:
//   CommandLine     what was typed → a command of CommandTable, or a goal for "run"
//   Commands/       one file for each verb; each ends in an exit code (ExitCode)
//   Live/           follows a run: progress, questions, the end
//   Output/         what is printed, for people and for programs
//   Screen/         the terminal; nothing anybody says can command it
//   HostFactory     where all of this meets the composition root

if (args is ["--version"])
{
    Console.Out.WriteLine(CommandLine.Version);
    return 0;
}

using var signals = Signals.OfProcess(TimeProvider.System);
return await CommandLine.RunAsync(args, World.Real(signals));
