def rows(folder): return []
