import type { NoteVersion } from '../../../shared/contract/kept-models.ts';
import { exactInstant } from '../../lib/dates.ts';

/** Who wrote a version, and that it was on another computer of theirs or unknown where. */
export function whoWrote(version: NoteVersion): string {
	return version.by_name ?? (version.here ? 'This computer' : 'Another computer');
}

/** "Ada Lind, Tue 24 Nov 2026, 10:02". */
export function versionName(version: NoteVersion): string {
	return [whoWrote(version), version.at ? exactInstant(version.at) : null].filter(Boolean).join(', ');
}
