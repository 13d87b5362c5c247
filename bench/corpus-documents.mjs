// Documents as detectors have written them over the years, in several shapes and spellings, with sizes around
// a target.

/** mulberry32: small, fast, and the same on every machine; a corpus is its seed. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** 0 <= x < 1 */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below(limit) {
    return Math.floor(this.next() * limit);
  }

  pick(choices) {
    return choices[this.below(choices.length)];
  }

  chance(share) {
    return this.next() < share;
  }

  /** With a fixed number of decimals, as detectors print scores. */
  decimal(limit, places) {
    return Number((this.next() * limit).toFixed(places));
  }
}

/** Each returns `{operation, document}`. A shape is listed once or more, by its frequency. */
const SHAPES = [
  faces,
  faces,
  faces,
  facesInData,
  olderFaces,
  objects,
  objects,
  balls,
  quality,
  game,
  yolo,
  unified,
  bare,
];

/**
 * @returns {{operation: string, document: object}} the compact text of the document has about `bytes` bytes
 */
export function makeDocument(random, imagePath, index, bytes) {
  const shape = random.pick(SHAPES);
  const info = {
    created_at: timeOf(index, 0),
    last_updated: timeOf(index, 40 + random.below(1000)),
    image_path: imagePath,
    symlink_path: random.chance(0.2) ? imagePath : undefined,
  };
  const size = Math.max(0, Math.round(bytes * (0.6 + 0.8 * random.next())) - 420);
  return shape(random, info, size);
}

function faces(random, info, size) {
  const found = list(random, size, face);
  return {
    operation: 'face_detection',
    document: {
      sidecar_info: { operation_type: 'face_detection', ...info },
      face_detection: { ...outcome(random, 'insightface'), face_count: found.length, faces: found },
    },
  };
}

function facesInData(random, info, size) {
  const document = {
    sidecar_info: { operation_type: 'face_detection', ...info },
    data: {
      ...outcome(random, 'insightface'),
      faces: list(random, size, face),
      metadata: { model: 'buffalo_l' },
    },
  };
  return { operation: 'face_detection', document };
}

/** The oldest writer named the key after the tool and put the times at the top level. */
function olderFaces(random, info, size) {
  const found = list(random, size, face);
  return {
    operation: 'face_detection',
    document: {
      Face_detector: {
        success: true,
        data: { faces: found, count: found.length },
        metadata: { algorithm: 'haar' },
      },
      ...info,
    },
  };
}

function objects(random, info, size) {
  const found = list(random, size, object);
  const document = {
    sidecar_info: { operation_type: 'object_detection', ...info },
    object_detection: { ...outcome(random, 'yolov8n'), detections: found, detection_count: found.length },
  };
  return { operation: 'object_detection', document };
}

function balls(random, info, size) {
  const document = {
    sidecar_info: { operation_type: 'Ball-Detector', ...info },
    ball_detection: { ...outcome(random, 'ballnet'), balls: list(random, size, object) },
  };
  return { operation: 'ball_detection', document };
}

function quality(random, info, size) {
  const scores = Object.fromEntries(
    list(random, size, (_, at) => [
      `tile_${at}`,
      { sharpness: random.decimal(1, 6), exposure: random.decimal(2, 4) },
    ]),
  );
  const document = {
    sidecar_info: { operation_type: 'quality_assessment', ...info },
    quality_assessment: { ...outcome(random, 'brisque'), overall: random.decimal(100, 2), scores },
  };
  return { operation: 'quality_assessment', document };
}

function game(random, info, size) {
  const document = {
    sidecar_info: { operation_type: 'GameDetection', ...info },
    result: {
      ...outcome(random, 'gamesplit'),
      games: list(random, size, object),
      game_count: 1 + random.below(4),
    },
  };
  return { operation: 'game_detection', document };
}

function yolo(random, info, size) {
  const document = {
    yolov8: { predictions: list(random, size, object), model: 'yolov8x-seg' },
    sidecar_info: info,
  };
  return { operation: 'yolov8', document };
}

function unified(random, info, size) {
  const document = {
    sidecar_info: { operation_type: 'unified', ...info },
    unified: { ...outcome(random, 'pipeline'), detections: list(random, size / 2, object) },
    face_detection: { faces: list(random, size / 2, face) },
  };
  return { operation: 'unified', document };
}

/** Without an information block: only the key says what the document is. */
function bare(random, _info, size) {
  const document = {
    objectDetection: list(random, size, object),
    note: 'Übertragen · 転送済み',
    id: 9007199254740993n,
  };
  return { operation: 'object_detection', document };
}

function outcome(random, tool) {
  return { success: !random.chance(0.03), processing_time: random.decimal(2, 4), tool_name: tool };
}

/**
 * As many entries as fit into `size` bytes of compact text, estimated from the first one: all are of one
 * kind.
 */
function list(random, size, make) {
  const entries = size > 0 ? [make(random, 0)] : [];
  const entrySize = entries.length > 0 ? compactText(entries[0]).length + 1 : 1;
  for (let left = size - entrySize; left > 0; left -= entrySize) {
    entries.push(make(random, entries.length));
  }
  return entries;
}

function face(random, at) {
  return {
    face_id: at,
    bbox: box(random),
    confidence: random.decimal(1, 16),
    landmarks: Array.from({ length: 5 }, () => [random.decimal(4000, 2), random.decimal(3000, 2)]),
  };
}

function object(random) {
  const label = random.pick(['person', 'sports ball', 'bench', 'goal', 'référee']);
  return { label, class_id: random.below(80), score: random.decimal(1, 6), box: box(random) };
}

function box(random) {
  return [random.below(4000), random.below(3000), 20 + random.below(600), 20 + random.below(600)];
}

function timeOf(index, later) {
  return new Date(photoTime(index).getTime() + later * 1000).toISOString();
}

/** When a photo was taken: every 13 seconds. */
export function photoTime(index) {
  return new Date(Date.UTC(2024, 0, 1) + index * 13_000);
}

/** Prints BigInts as numbers: a document may contain more digits than a double holds. */
export function compactText(value, indent) {
  const text = JSON.stringify(value, bigAsMarker, indent);
  return text.includes('"big:') ? text.replace(/"big:(\d+)"/g, '$1') : text;
}

function bigAsMarker(_key, value) {
  return typeof value === 'bigint' ? `big:${value}` : value;
}
