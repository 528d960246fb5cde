import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';

/** A new record's id: sortable by time, made here so that nothing has to wait for a server. */
export function newId(): string {
	return v7();
}

/** The short name a device carries in every version it makes: eight base-36 characters. */
export function newDeviceShort(): string {
	return Array.from({ length: 8 }, () => randomInt(36).toString(36)).join('');
}
