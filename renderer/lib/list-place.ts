import { useCallback, useState } from 'react';

export interface Sort {
	column: string;
	descending: boolean;
}

/** What a list looked like when it was left: so that Back brings the same rows under the same eyes. */
interface ListPlace {
	selected: string | null;
	sort: Sort | null;
	text: string;
	scroll: number;
	/** Anything else the list filters by. */
	filters: Readonly<Record<string, string>>;
}

const remembered = new Map<string, ListPlace>();
const fresh: ListPlace = { selected: null, sort: null, text: '', scroll: 0, filters: {} };

export interface ListState extends ListPlace {
	select(id: string | null): void;
	sortBy(sort: Sort | null): void;
	search(text: string): void;
	filter(name: string, value: string): void;
	/** Remembered without drawing anew. */
	keepScroll(scroll: number): void;
}

/** Selection, sort, search text and scroll of the list `key`, remembered while the window lives. */
export function useListState(key: string, start: Partial<ListPlace> = {}): ListState {
	const [place, setPlace] = useState<ListPlace>(() => remembered.get(key) ?? { ...fresh, ...start });
	const change = useCallback(
		(patch: Partial<ListPlace>) =>
			setPlace((before) => {
				const after = { ...before, ...patch, scroll: remembered.get(key)?.scroll ?? before.scroll };
				remembered.set(key, after);
				return after;
			}),
		[key],
	);
	const select = useCallback((selected: string | null) => change({ selected }), [change]);
	const sortBy = useCallback((sort: Sort | null) => change({ sort }), [change]);
	const search = useCallback((text: string) => change({ text }), [change]);
	const filter = useCallback(
		(name: string, value: string) => change({ filters: { ...remembered.get(key)?.filters, [name]: value } }),
		[change, key],
	);
	const keepScroll = useCallback(
		(scroll: number) => void remembered.set(key, { ...(remembered.get(key) ?? place), scroll }),
		[key, place],
	);
	return { ...place, select, sortBy, search, filter, keepScroll };
}
