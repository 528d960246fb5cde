import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';

/**
 * Packs and unpacks on this thread: what is done on another one takes real time, and how long would decide what a
 * simulated laptop does next. Imported before the modules that pack.
 */
type Packer = (input: zlib.InputType, options?: object) => Buffer;
type Callback = (error: Error | null, result: Buffer) => void;

const inTurn =
	(packer: Packer) =>
	(input: zlib.InputType, ...rest: unknown[]) => {
		const callback = rest.at(-1) as Callback;
		const result = packer(input, rest.length > 1 ? (rest[0] as object) : undefined);
		queueMicrotask(() => callback(null, result));
	};

Object.assign(zlib, {
	gzip: inTurn(zlib.gzipSync),
	gunzip: inTurn(zlib.gunzipSync),
	zstdCompress: inTurn(zlib.zstdCompressSync),
	zstdDecompress: inTurn(zlib.zstdDecompressSync),
});
syncBuiltinESMExports();
