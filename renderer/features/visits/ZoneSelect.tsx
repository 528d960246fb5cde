import { type ComboboxItem, type OptionsFilter, Select } from '@mantine/core';
import { filterRows } from '../../lib/rows.ts';

/** Every zone this computer knows. Some list UTC nowhere, but it is a zone people use. */
const zones = [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])];

/** "zuri", "new york" or "europe zurich" all find their zone. */
const findZone: OptionsFilter = ({ options, search, limit }) =>
	filterRows(options as ComboboxItem[], search.replaceAll('_', ' '), (item) => item.label).slice(0, limit);

interface ZoneSelectProps {
	id: string;
	value: string | null;
	onChange(zone: string | null): void;
	error?: boolean;
}

export function ZoneSelect({ id, value, onChange, error = false }: ZoneSelectProps) {
	const known = value && !zones.includes(value) ? [value, ...zones] : zones;
	return (
		<Select
			id={id}
			searchable
			limit={60}
			placeholder="City or region"
			data={known.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
			filter={findZone}
			nothingFoundMessage="No zone is called that"
			value={value}
			onChange={onChange}
			allowDeselect={false}
			selectFirstOptionOnChange
			error={error}
		/>
	);
}
