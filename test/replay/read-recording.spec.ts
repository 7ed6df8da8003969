import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countSteps } from './conversation.ts';
import { readRecording } from './read-recording.ts';

const SAMPLES = fileURLToPath(new URL('../data', import.meta.url));

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-'));
  folders.push(folder);
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
}

describe('reading a recording', () => {
  it('tells Schema-Guided Dialogue from the content of the folder and reads every dialogue', async () => {
    const recording = await readRecording(join(SAMPLES, 'sgd'));

    expect(recording.format).toBe('sgd');
    expect(recording.conversations).toHaveLength(6);
    expect(countSteps(recording.conversations)).toEqual({ turns: 82, invocations: 14 });
  });

  it('tells the airline format from the content of the folder and reads every conversation', async () => {
    const recording = await readRecording(join(SAMPLES, 'airline'));

    expect(recording.format).toBe('airline');
    expect(recording.conversations.map(({ name }) => name)).toEqual([
      'task_0_trial_0',
      'task_37_trial_0',
      'task_13_trial_1',
      'task_19_trial_3',
    ]);
    expect(countSteps(recording.conversations)).toEqual({ turns: 60, invocations: 27 });
  });

  it('reads a single file of either format', async () => {
    const dialogues = await readRecording(join(SAMPLES, 'sgd', 'dialogues_001.json'));
    const airline = await readRecording(join(SAMPLES, 'airline', 'gpt-4o-airline.json'));

    expect([dialogues.format, airline.format]).toEqual(['sgd', 'airline']);
  });

  it('says what it looked for when a folder holds no recording', async () => {
    const folder = await folderWith({ 'notes.txt': 'nothing to play' });

    await expect(readRecording(folder)).rejects.toThrow(
      `${folder}: holds no recording: neither Schema-Guided Dialogue`,
    );
  });

  it('names the file that is not JSON', async () => {
    const folder = await folderWith({ 'schema.json': '[]', 'dialogues_001.json': '[{' });

    await expect(readRecording(folder)).rejects.toThrow(/dialogues_001\.json: is not JSON/);
  });

  it('names the schema that is missing beside the dialogues', async () => {
    const folder = await folderWith({ 'dialogues_001.json': '[]' });

    await expect(readRecording(folder)).rejects.toThrow(/schema\.json: cannot be read/);
  });

  it('names the place of a field that is missing', async () => {
    const dialogue = { dialogue_id: '1', turns: [{ speaker: 'USER', frames: [] }] };
    const folder = await folderWith({ 'schema.json': '[]', 'dialogues_001.json': JSON.stringify([dialogue]) });

    await expect(readRecording(folder)).rejects.toThrow(
      /dialogues_001\.json\[0\] turns\[0\] utterance: is missing where a text belongs/,
    );
  });

  it('refuses a call of an action that the schema does not declare', async () => {
    const frame = { service: 'Taxi_1', service_call: { method: 'Book', parameters: {} }, service_results: [] };
    const dialogue = { dialogue_id: '1', turns: [{ speaker: 'SYSTEM', utterance: 'Done.', frames: [frame] }] };
    const folder = await folderWith({ 'schema.json': '[]', 'dialogues_001.json': JSON.stringify([dialogue]) });

    await expect(readRecording(folder)).rejects.toThrow('calls Taxi_1_Book, which schema.json does not declare');
  });

  it('refuses a recording with two conversations of one name, and one without any', async () => {
    const conversation = { task_id: 1, trial: 0, traj: [{ role: 'user', content: 'Hello' }] };
    const twice = await folderWith({ 'a.json': JSON.stringify([conversation, conversation]) });
    const none = await folderWith({ 'schema.json': '[]', 'dialogues_001.json': '[]' });

    await expect(readRecording(twice)).rejects.toThrow('task_1_trial_0: two conversations have this name');
    await expect(readRecording(none)).rejects.toThrow('there is no conversation in it');
  });
});
