using System.Globalization;
using Reeve.Fuzz;

// fuzz [TARGET] [CASES] [SEED]: every target unless one is named; a failure prints the seed that shows it again.
var name = args.Length > 0 ? args[0] : "all";
var cases = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200_000;
var seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
var chosen = FuzzTargets.All.Where(target => name == "all" || target.Name == name).ToList();

if (chosen.Count == 0)
{
    Console.Error.WriteLine($"fuzz: no such target; choose all, {string.Join(", ", FuzzTargets.All.Select(target => target.Name))}");
    return 2;
}

foreach (var target in chosen)
{
    if (target.Run(seed, cases) is { } failure)
    {
        Console.Error.WriteLine(failure);
        return 1;
    }

    Console.WriteLine($"{target.Name}: {cases} cases, seeds {seed} to {seed + cases - 1}");
}

return 0;
