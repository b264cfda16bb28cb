/** @file What a new file is called and where it lies, on any system. Pure. */

/** A name as a file's, in letters, numbers and hyphens. @param otherwise where nothing of it is left */
export function plainFileName(name: string, otherwise: string): string {
  const plain = name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
  return plain.toLowerCase() || otherwise;
}

/** A file in a folder, as that folder's system writes it. */
export function pathIn(folder: string, fileName: string): string {
  const slash = folder.endsWith('/') || folder.endsWith('\\') ? '' : folder.includes('\\') ? '\\' : '/';
  return `${folder}${slash}${fileName}`;
}
