/** @file Items of a WAV file's list of texts: four letters that begin with an I, a size, the text and a zero, at even places (RIFF MCI, 1991). */

const headerBytes = 8;

/** The items of a list, each with its padding; null when something else is in it. */
export function infoItems(list: Buffer): Buffer[] | null {
  const items: Buffer[] = [];
  for (let at = 0; at < list.length;) {
    if (at + headerBytes > list.length) return null;
    const size = list.readUInt32LE(at + 4);
    const end = at + headerBytes + size + (size % 2);
    const item = Buffer.from(list.subarray(at, end));
    if (end > list.length || !isInfoItem(item)) return null;
    items.push(item);
    at = end;
  }
  return items;
}

/** Tells an item from a frame of an ID3 tag, of which one alone begins like this. */
export function isInfoItem(entry: Buffer): boolean {
  const id = entry.toString('latin1', 0, 4);
  return /^I[A-Z0-9]{3}$/.test(id) && id !== 'IPLS';
}

/** An item with a text in UTF-8. */
export function makeInfoItem(id: string, text: string): Buffer {
  const content = Buffer.from(`${text}\0`, 'utf8');
  const item = Buffer.alloc(headerBytes + content.length + (content.length % 2));
  item.write(id, 0, 'latin1');
  item.writeUInt32LE(content.length, 4);
  content.copy(item, headerBytes);
  return item;
}
