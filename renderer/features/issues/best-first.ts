import type { ComboboxItem, OptionsFilter } from '@mantine/core';
import { filterRows } from '../../lib/rows.ts';

/** Names that begin with what was typed before names that only hold it: "hal" is Halden before Brandt & Hale. */
export const bestFirst: OptionsFilter = ({ options, search, limit }) => {
	const items = options as ComboboxItem[];
	const found = filterRows(items, search, (item) => item.label);
	const begins = (item: ComboboxItem) => item.label.toLowerCase().startsWith(search.trim().toLowerCase());
	return [...found.filter(begins), ...found.filter((item) => !begins(item))].slice(0, limit);
};
