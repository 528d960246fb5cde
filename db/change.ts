import type { EntityName } from '../shared/entities/registry.ts';

/** Every row change, typed here or pulled from the server, is one of these. Values are in record form (booleans, parsed JSON, amount strings). */
export type Change =
	| { kind: 'create'; entity: EntityName; id: string; values: Record<string, unknown> }
	/**
	 * `joins`: a person's typing, which may be one line of history with what they typed just before. `seen`: what stood in
	 * the fields before the editor's eyes, for edits that took a while.
	 */
	| {
			kind: 'set';
			entity: EntityName;
			id: string;
			patch: Record<string, unknown>;
			joins?: boolean;
			seen?: Record<string, unknown> | undefined;
	  }
	| { kind: 'delete'; entity: EntityName; id: string }
	| { kind: 'undelete'; entity: EntityName; id: string }
	/** An update of a text document (Yjs), appended as it is. */
	| { kind: 'text'; entity: EntityName; id: string; field: string; update: Uint8Array };
