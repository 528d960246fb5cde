import { type FileHandle, open } from 'node:fs/promises';
import { writeError } from '../files/write-error.ts';

const FULL = 1 << 16;

/** A file with one JSON value per line. */
export class JsonLines {
	readonly #file: FileHandle;
	#text: string[] = [];
	#length = 0;
	lines = 0;

	private constructor(file: FileHandle) {
		this.#file = file;
	}

	static async create(path: string): Promise<JsonLines> {
		try {
			return new JsonLines(await open(path, 'wx', 0o600));
		} catch (error) {
			throw writeError(error);
		}
	}

	async add(value: unknown): Promise<void> {
		const line = `${JSON.stringify(value)}\n`;
		this.#text.push(line);
		this.#length += line.length;
		this.lines += 1;
		if (this.#length > FULL) await this.#flush();
	}

	/** Writes what is left, syncs when `isWhole`, and closes. */
	async close(isWhole: boolean): Promise<void> {
		try {
			if (isWhole) {
				await this.#flush();
				await this.#file.sync();
			}
		} finally {
			await this.#file.close();
		}
	}

	async #flush(): Promise<void> {
		const text = this.#text.join('');
		this.#text = [];
		this.#length = 0;
		try {
			await this.#file.writeFile(text);
		} catch (error) {
			throw writeError(error);
		}
	}
}
