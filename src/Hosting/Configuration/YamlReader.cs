using System.Collections.Immutable;
using Reeve.Authority;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Reeve.Hosting.Configuration;

/// <summary>Reads the plain part of YAML 1.2: mappings, lists and scalars. Anchors, tags and key tricks are
/// refused.</summary>
/// <remarks>Without aliases a file cannot describe more than it contains, so its size bounds the work.</remarks>
internal sealed class YamlReader
{
    public const int DepthMax = 8;

    private readonly IParser _parser;
    private readonly string _name;

    private YamlReader(string text, string name)
    {
        _parser = new Parser(new StringReader(text));
        _name = name;
    }

    /// <param name="name">What the file is called in a refusal.</param>
    /// <exception cref="ProblemException"><c>config.malformed</c></exception>
    public static YamlMap Read(string text, string name)
    {
        try
        {
            return new YamlReader(text, name).ReadFile();
        }
        catch (YamlException malformed)
        {
            throw new ProblemException(new Problem(
                "config.malformed", $"The {name} is not valid YAML at line {malformed.Start.Line}."));
        }
        catch (InvalidOperationException)
        {
            // The scanner gives up like this on some unfinished scalars.
            throw new ProblemException(new Problem("config.malformed", $"The {name} is not valid YAML."));
        }
    }

    private YamlMap ReadFile()
    {
        _parser.Consume<StreamStart>();

        if (_parser.Accept<StreamEnd>(out _))
        {
            return new YamlMap([], 1);
        }

        _parser.Consume<DocumentStart>();
        var node = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        Refuse(_parser.Accept<StreamEnd>(out _), "has more than one document", Line);

        if (node is YamlScalar { IsNull: true })
        {
            return new YamlMap([], 1);
        }

        Refuse(node is YamlMap, "must be keys with values", node.Line);
        return (YamlMap)node;
    }

    private YamlNode ReadNode(int depth)
    {
        Refuse(depth <= DepthMax, "is nested too deeply", Line);
        Refuse(!_parser.Accept<AnchorAlias>(out _), "uses an alias, which is not supported", Line);

        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            RefuseTricks(scalar);
            var isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";
            return new YamlScalar(scalar.Value, isNull, (int)scalar.Start.Line);
        }

        if (_parser.TryConsume<SequenceStart>(out var list))
        {
            RefuseTricks(list);
            return ReadList(list, depth);
        }

        var map = _parser.Consume<MappingStart>();
        RefuseTricks(map);
        return ReadMap(map, depth);
    }

    private YamlList ReadList(SequenceStart start, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();

        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new YamlList(items.DrainToImmutable(), (int)start.Start.Line);
    }

    private YamlMap ReadMap(MappingStart start, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var known = new HashSet<string>(StringComparer.Ordinal);

        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var line = Line;
            var key = ReadNode(depth + 1);
            Refuse(key is YamlScalar { IsNull: false }, "has a key that is no word", line);
            var name = ((YamlScalar)key).Text;
            Refuse(known.Add(name), "says the same key twice", line);
            entries.Add(new YamlEntry(name, line, ReadNode(depth + 1)));
        }

        return new YamlMap(entries.DrainToImmutable(), (int)start.Start.Line);
    }

    private int Line => (int)(_parser.Current?.Start.Line ?? 1);

    private void RefuseTricks(NodeEvent node) => Refuse(
        node.Anchor.IsEmpty && (node.Tag.IsEmpty || node.Tag.IsNonSpecific),
        "uses an anchor or tag, which is not supported", (int)node.Start.Line);

    private void Refuse(bool condition, string what, int line) =>
        Problem.ThrowUnless(condition, "config.malformed", $"The {_name} {what} (line {line}).");
}
