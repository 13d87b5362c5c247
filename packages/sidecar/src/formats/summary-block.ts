import { Kind, type Tape } from '@tandem/json';
import { OPERATIONS } from '../generated/detection.ts';
import { OURS } from '../ownership.ts';
import type { Summary } from '../summary.ts';

const KEYS = [
  'operation',
  'detections',
  'tool',
  'success',
  'processing_time',
  'created_at',
  'last_updated',
].map((key) => Buffer.from(key));

/**
 * The summary block of a sealed file: one JSON object, keys in the order of spec/sidecar/summary.md, no white
 * space.
 */
export function summaryJson(summary: Summary): string {
  const operation = OPERATIONS[summary.operation]?.name ?? 'unknown';
  return (
    `{"operation":"${operation}","detections":${summary.detections},"tool":${text(summary.tool)}` +
    `,"success":${summary.success},"processing_time":${summary.processingTime}` +
    `,"created_at":${text(summary.createdAt)},"last_updated":${text(summary.lastUpdated)}}`
  );
}

/** Reads a summary block back; null if it is not what summaryJson writes. A block contains no image path. */
export function summaryOfBlock(tape: Tape): Summary | null {
  if (!tape.isObject(0) || tape.a(0) !== KEYS.length) return null;
  const nodes = KEYS.map((key) => tape.get(0, key));
  const [operationNode, detectionsNode, tool, success, time, created, updated] = nodes as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (nodes.some((node) => node < 0) || !tape.isString(operationNode)) return null;
  const operation = OPERATIONS.findIndex((one) => one.name === tape.string(operationNode));
  const detections = tape.kind(detectionsNode) === Kind.number ? Number(tape.spelling(detectionsNode)) : -1;
  if (operation < 0 || !Number.isSafeInteger(detections) || detections < 0) return null;
  const seconds = tape.kind(time) === Kind.number ? tape.spelling(time) : null;
  if (seconds !== null && !(Number(seconds) >= 0 && Number.isFinite(Number(seconds)))) return null;
  const judged = tape.kind(success);
  return {
    operation,
    detections,
    tool: stringOrNull(tape, tool),
    success: judged === Kind.true ? true : judged === Kind.false ? false : null,
    processingTime: seconds,
    createdAt: stringOrNull(tape, created),
    lastUpdated: stringOrNull(tape, updated),
    imagePath: null,
    ...OURS,
  };
}

function text(value: string | null): string {
  return value === null ? 'null' : JSON.stringify(value);
}

function stringOrNull(tape: Tape, node: number): string | null {
  return tape.isString(node) ? tape.string(node) : null;
}
