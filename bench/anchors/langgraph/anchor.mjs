// The agent loop of LangGraph with its SQLite saver, driven by lines of JSON on standard input.
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { HumanMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import { ChatOpenAI } from '@langchain/openai';

const directory = process.argv[2];
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });

const read = tool(
  ({ path, fromLine, lineCount }) =>
    readFileSync(path, 'utf8').split('\n').slice(fromLine - 1, fromLine - 1 + lineCount).join('\n'),
  {
    name: 'read',
    description: 'Reads lines of a file.',
    schema: {
      type: 'object',
      properties: { path: { type: 'string' }, fromLine: { type: 'integer' }, lineCount: { type: 'integer' } },
      required: ['path'],
    },
  });

const finish = tool(({ summary }) => summary, {
  name: 'finish',
  description: 'Ends the work.',
  schema: { type: 'object', properties: { summary: { type: 'string' } }, required: ['summary'] },
});

function graphOf(url, saver) {
  const model = new ChatOpenAI({
    model: 'scripted', apiKey: 'none', maxRetries: 0, configuration: { baseURL: `${url}/v1` },
  }).bindTools([read, finish]);

  return new StateGraph(MessagesAnnotation)
    .addNode('agent', async state => ({ messages: [await model.invoke(state.messages)] }))
    .addNode('tools', new ToolNode([read]))
    .addEdge(START, 'agent')
    .addConditionalEdges('agent', state => {
      const [call] = state.messages.at(-1).tool_calls ?? [];
      return !call || call.name === 'finish' ? END : 'tools';
    })
    .addEdge('tools', 'agent')
    .compile({ checkpointer: saver });
}

async function measure({ url, workspace, steps, runs }) {
  process.chdir(workspace);
  const path = `${directory}/${crypto.randomUUID()}.db`;
  const saver = SqliteSaver.fromConnString(path);
  const graph = graphOf(url, saver);
  const cpu = process.cpuUsage();
  const began = performance.now();
  const ends = await Promise.allSettled(Array.from({ length: runs }, (_, number) => graph.invoke(
    { messages: [new HumanMessage('Do it.')] },
    { configurable: { thread_id: `${number}` }, recursionLimit: steps * 2 + 10 })));
  const milliseconds = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  const good = ends.filter(end => end.status === 'fulfilled' && end.value.messages.length === steps * 2 + 2);
  saver.db.pragma('wal_checkpoint(TRUNCATE)');
  const bytes = statSync(path).size;
  saver.db.close();
  rmSync(path);

  return {
    milliseconds, bytes, cpuMilliseconds: (user + system) / 1000, succeeded: good.length,
    problem: String(ends.find(end => end.status === 'rejected')?.reason?.message ?? ''),
    residentBytesMax: process.resourceUsage().maxRSS * 1024,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await measure(JSON.parse(line)))}\n`);
}
