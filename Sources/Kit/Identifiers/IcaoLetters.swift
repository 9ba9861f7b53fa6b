/// ICAO 9303 part 3, section 6, tables A (Latin) and B (Cyrillic): what each national letter becomes.
let icaoLetters: [Character: String] = {
    var table: [Character: String] = [:]
    for row in (latinRows + cyrillicRows).split(separator: "\n") {
        let parts = row.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2 else { continue }
        for letter in parts[1] { table[letter] = String(parts[0]) }
    }
    return table
}()

private let latinRows = """
    A ÁÀÂÃĂĄĀ
    AE ÄÆ
    AA Å
    C ĆĈČĊÇ
    D ĐĎÐ
    E ÉÈÊËĚĖĒĘĔ
    G ĜĞĠĢ
    H ĤĦ
    I ÍÌÎÏĨİĪĮĬ
    IJ Ĳ
    J Ĵ
    K Ķ
    L ĹĽĻŁĿ
    N ŃÑŇŅŊ
    O ÓÒÔÕŐŌŎ
    OE ÖØŒ
    R ŔŘŖ
    S ŚŜŠŞȘ
    SS ẞß
    T ŤŢŦȚ
    TH Þ
    U ÚÙÛŬŰŮŨŪŲ
    UE Ü
    W Ŵ
    Y ÝŶŸ
    Z ŹŽŻ

    """

private let cyrillicRows = """
    A А
    B Б
    V В
    G ГҐЃ
    D ДЂ
    E ЕЁЭ
    ZH Ж
    DZ ЅЏ
    Z З
    I ИЙІЇ
    J Ј
    K КЌ
    L Л
    LJ Љ
    M М
    N Н
    NJ Њ
    O О
    P П
    R Р
    S С
    T Т
    U УЎѪ
    F ФѲ
    KH Х
    TS Ц
    CH Ч
    C Ћ
    SH Ш
    SHCH Щ
    IE ЪЄѢ
    Y ЫѴ
    IU Ю
    IA Я
     Ь
    """
