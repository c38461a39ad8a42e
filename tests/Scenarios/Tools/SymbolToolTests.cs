using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Tools;

/// <summary>Symbols through the front door: each line of an answer can be checked against the file beside it.</summary>
[Trait("Req", "FS-5")]
public sealed class SymbolToolTests
{
    private const string CSharp = """
        // class Commented { }
        namespace App.Core;

        /* struct Hidden */
        public sealed class Store<T>(int size) : Base(size), IStore where T : class
        {
            private readonly string _text = "class Quoted { void No() { } } \" // ";
            public const string Raw = @"enum ""Verbatim"" {";
            public int Count { get; private set; } = 3;
            public bool IsEmpty => Count == 0;
            public Store() : this(3) { Load(); }
            [Obsolete("use Other()")]
            public async Task<List<T>> Load(CancellationToken stop = default) => await Other(x => { return x; });
            public T Find<TKey>(TKey key) where TKey : notnull { var found = Load(); return Make($"{key}"); }
            private enum State { Open, Closed = 4 }
        }
        public interface IStore { int Load(int a); }
        public record Point(int X, int Y);
        """;

    private const string Python = """"
        """class Doc: def nothing(): pass"""
        LIMIT = 3
        class Shape(Base):
            size = 1
            def area(self, scale=f"{1}def no(): "):
                # def commented(): pass
                def inner(): return 1
                return inner()
            async def later(self):
                return self.area(
                    1)
        def top(): return Shape().area()
        """";

    private const string Script = """
        import { a } from './a';
        export class Cart extends Base {
          items = [];
          constructor() { super(); }
          async total(tax) { if (tax) { return sum(this.items); } }
          static of(list) { return new Cart(list); }
        }
        export const sum = (list) => list.reduce((a, b) => a + b, 0);
        const limit = 3, pattern = /class Fake { \/ [/] /g;
        function main() { const local = `class No ${ limit } {`; return total(local); }
        interface Item<T> { price: number; }
        type Items = Item<string>[];
        enum Size { Small, Large }
        """;

    private const string Go = """
        package app
        type Store struct { size int }
        type (
            Key string
            Reader interface { Read() }
        )
        const Limit = 3
        func New(size int) *Store { return &Store{size} }
        func (s *Store) Find(k Key) string { text := `func No() {`; return text }
        """;

    private const string Rust = """
        pub mod shapes {
            pub struct Circle<'a> { name: &'a str }
            impl<'a> Shape for Circle<'a> { fn area(&self) -> f64 { let c = '{'; helper(c) } }
            pub trait Shape { fn area(&self) -> f64; }
        }
        /* outer /* fn nested() */ fn still() */
        fn main() { let text = r#"fn raw() { " "#; }
        macro_rules! square { () => {} }
        """;

    private const string Java = """
        package app;
        @Deprecated
        public class Store<T> extends Base implements Runnable {
            private final int size = compute(3);
            public Store(int size) { this.size = size; }
            @Override public void run() throws Exception { helper(new Object() { }); }
            enum State { OPEN, CLOSED; }
        }
        """;

    private const string C = """
        #define LIMIT(x) \
            struct fake { x }
        struct point { int x; };
        static int add(struct point *p, int b) { return helper(b); }
        namespace app { class Store : Base { public: Store(); int find(int k) const; }; }
        int app::Store::find(int k) const { return add(0, k); }
        enum color { RED, GREEN };
        """;

    [Theory]
    [InlineData("a.cs", CSharp, "2:namespace:App.Core|5:class:App.Core.Store|7:field:App.Core.Store._text"
        + "|8:field:App.Core.Store.Raw|9:property:App.Core.Store.Count|10:property:App.Core.Store.IsEmpty"
        + "|11:constructor:App.Core.Store.Store|13:method:App.Core.Store.Load|14:method:App.Core.Store.Find"
        + "|15:enum:App.Core.Store.State|15:enum_member:App.Core.Store.State.Open"
        + "|15:enum_member:App.Core.Store.State.Closed|17:interface:App.Core.IStore|17:method:App.Core.IStore.Load"
        + "|18:record:App.Core.Point")]
    [InlineData("a.py", Python, "2:variable:LIMIT|3:class:Shape|4:field:Shape.size|5:method:Shape.area"
        + "|7:function:Shape.area.inner|9:method:Shape.later|12:function:top")]
    [InlineData("a.ts", Script, "2:class:Cart|4:method:Cart.constructor|5:method:Cart.total|6:method:Cart.of"
        + "|8:function:sum|9:variable:limit|10:function:main|11:interface:Item|12:type:Items|13:enum:Size"
        + "|13:enum_member:Size.Small|13:enum_member:Size.Large")]
    [InlineData("a.go", Go, "2:type:Store|4:type:Key|5:type:Reader|7:constant:Limit|8:function:New"
        + "|9:method:Store.Find")]
    [InlineData("a.rs", Rust, "1:module:shapes|2:struct:shapes.Circle|3:method:shapes.Circle.area|4:trait:shapes.Shape"
        + "|4:method:shapes.Shape.area|7:function:main|8:macro:square")]
    [InlineData("A.java", Java, "3:class:Store|4:field:Store.size|5:constructor:Store.Store|6:method:Store.run"
        + "|7:enum:Store.State|7:enum_member:Store.State.OPEN|7:enum_member:Store.State.CLOSED")]
    [InlineData("a.cpp", C, "1:macro:LIMIT|3:struct:point|4:function:add|5:namespace:app|5:class:app.Store"
        + "|5:constructor:app.Store.Store|5:method:app.Store.find|6:method:Store.find|7:enum:color"
        + "|7:enum_member:color.RED|7:enum_member:color.GREEN")]
    public async Task The_outline_of_a_file_is_what_it_declares(string path, string text, string outline)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write("src/" + path, text);

        var answer = await reeve.CallOnceAsync("symbols", $$"""{"path":"src/{{path}}"}""");

        Assert.Equal(ToolOutcome.Done, answer.Outcome);
        Assert.Equal(
            outline.Split('|').Select(line => $"src/{path}:{line}"),
            answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task References_are_uses_in_code_and_neither_in_comments_nor_in_texts()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write("a.cs", CSharp);
        reeve.Write("a.py", Python);
        reeve.Write("notes.md", "Load");

        var answer = await reeve.CallOnceAsync("symbols", """{"name":"Load","find":"references"}""");
        var ofPython = await reeve.CallOnceAsync("symbols", """{"name":"area","find":"references","path":"a.py"}""");

        Assert.Equal(
            [
                "a.cs:11:reference:App.Core.Store.Store.Load", "a.cs:13:method:App.Core.Store.Load",
                "a.cs:14:reference:App.Core.Store.Find.Load", "a.cs:17:method:App.Core.IStore.Load",
            ],
            answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            ["a.py:5:method:Shape.area", "a.py:10:reference:Shape.later.area", "a.py:12:reference:top.area"],
            ofPython.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_search_is_narrowed_by_name_beginning_kind_and_number()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write("a.cs", CSharp);
        reeve.Write("b/a.go", Go);

        Assert.Equal(
            "a.cs:14:method:App.Core.Store.Find\nb/a.go:9:method:Store.Find\n",
            (await reeve.CallOnceAsync("symbols", """{"name":"Fi*","kind":"method"}""")).Text);
        Assert.Contains(
            "[cut after 2 lines", (await reeve.CallOnceAsync("symbols", """{"maxResults":2}""")).Text,
            StringComparison.Ordinal);
        Assert.Contains(
            "[nothing found]", (await reeve.CallOnceAsync("symbols", """{"name":"Nowhere"}""")).Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"find":"references"}""", "argument.invalid")]
    [InlineData("""{"find":"everything"}""", "argument.invalid")]
    [InlineData("""{"name":"(a+)+$"}""", "argument.invalid")]
    [InlineData("""{"maxResults":501}""", "argument.invalid")]
    [InlineData("""{"regex":true}""", "argument.invalid")]
    [InlineData("""{"path":"../x"}""", "gate.denied")]
    [InlineData("""{"path":"out"}""", "path.outside_workspace")]
    public async Task What_is_no_plain_argument_is_refused(string arguments, string code)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        Directory.CreateSymbolicLink(Path.Join(reeve.Workspace, "out"), "/etc");

        Assert.Equal((ToolOutcome.Refused, code), await OutcomeAsync(reeve, arguments));
    }

    [Fact]
    public async Task A_file_that_a_rule_hides_has_no_symbols()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write("open.go", Go);
        reeve.Write("hidden.go", Go);
        reeve.ChangeMandate = mandate => mandate with
        {
            Rules = [RuleSyntax.Parse("Read(hidden.go)", Decision.Deny, RuleTier.User)],
        };

        var answer = await reeve.CallOnceAsync("symbols", "{}");

        Assert.Contains("open.go:2", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden.go:", answer.Text, StringComparison.Ordinal);
    }

    private static async Task<(ToolOutcome, string)> OutcomeAsync(ReeveHarness reeve, string arguments)
    {
        var answer = await reeve.CallOnceAsync("symbols", arguments);

        return (answer.Outcome, answer.Code);
    }
}
