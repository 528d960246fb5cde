/**
 * Field versions. A version is a hybrid logical clock reading as one sortable string: 12 hex digits of
 * milliseconds, 5 hex digits of counter, 8 characters of the device's short name. Versions name edits and break
 * ties; they never decide between two people: the base of an edit does that.
 */

export type Version = string;

const MAX_MS = 0xffff_ffff_ffff;
const MAX_COUNTER = 0xf_ffff;

export interface VersionParts {
	/** Milliseconds since 1970 UTC, by the device's clock, never behind an earlier version it has seen. */
	ms: number;
	counter: number;
	device: string;
}

/** Writes a version. Clock readings outside 1970 to 10889 are clamped; never throws. */
export function formatVersion({ ms, counter, device }: VersionParts): Version {
	const time = Math.min(Math.max(Number.isFinite(ms) ? Math.trunc(ms) : 0, 0), MAX_MS);
	return (
		time.toString(16).padStart(12, '0') +
		Math.min(Math.max(Math.trunc(counter) || 0, 0), MAX_COUNTER)
			.toString(16)
			.padStart(5, '0') +
		device.padEnd(8, '0').slice(0, 8)
	);
}

/** Reads a version back; undefined when it is not one. */
export function parseVersion(version: string): VersionParts | undefined {
	if (!/^[0-9a-f]{17}[0-9a-z]{8}$/.test(version)) return undefined;
	return {
		ms: Number.parseInt(version.slice(0, 12), 16),
		counter: Number.parseInt(version.slice(12, 17), 16),
		device: version.slice(17),
	};
}

/** The version after `last` on `device` at clock reading `nowMs`; greater than `last` in time and counter. A full counter carries into the milliseconds; only the very last reading of the format has no successor. */
export function nextVersion(last: Version | undefined, nowMs: number, device: string): Version {
	const before = last ? parseVersion(last) : undefined;
	const now = Number.isFinite(nowMs) ? Math.trunc(nowMs) : 0;
	if (!before || Math.min(now, MAX_MS) > before.ms) return formatVersion({ ms: now, counter: 0, device });
	if (before.counter < MAX_COUNTER || before.ms === MAX_MS)
		return formatVersion({ ms: before.ms, counter: before.counter + 1, device });
	return formatVersion({ ms: before.ms + 1, counter: 0, device });
}

/** The device's wall time of an edit as a UTC ISO string; for showing and for the audit only. */
export function timeOfVersion(version: Version): string | undefined {
	const parts = parseVersion(version);
	return parts && parts.ms <= 8.64e15 ? new Date(parts.ms).toISOString() : undefined;
}

/**
 * The versions of a record's fields: one for the record as created, and one for each field edited since.
 * Stored as the bare version while nothing was edited, else as JSON with the record's own under "*".
 */
export type FieldVersions = Record<string, Version>;

/** Reads the stored form. Anything unreadable counts as "no version". */
export function readVersions(stored: string | null): FieldVersions {
	if (!stored) return {};
	if (!stored.startsWith('{')) return { '*': stored };
	try {
		return JSON.parse(stored) as FieldVersions;
	} catch {
		return {};
	}
}

/** Writes the stored form. */
export function writeVersions(versions: FieldVersions): string {
	const keys = Object.keys(versions);
	return keys.length === 1 && keys[0] === '*' ? (versions['*'] as string) : JSON.stringify(versions);
}

/** The version of one field, or undefined when the record is unknown. */
export function versionOf(versions: FieldVersions, field: string): Version | undefined {
	return Object.hasOwn(versions, field) ? versions[field] : versions['*'];
}
